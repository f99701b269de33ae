"""What a question costs, by GitHub's published formula, on its own schema.

"Add up the number of requests needed to fulfil each unique connection in the call, assuming
every request reaches its first or last argument; divide by 100 and round; at least 1."
"""

from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    value_from_ast_untyped,
)

Variables = dict[str, Any]


@dataclass
class Cost:
    requests: int = 0
    nodes: int = 0

    @property
    def points(self) -> int:
        return max(1, (self.requests + 50) // 100)


def cost(schema: GraphQLSchema, document: DocumentNode, variables: Variables) -> Cost:
    """Points and nodes of a document with these variables."""
    fragments = {
        d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)
    }
    found = Cost()
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            counter = _Counter(schema, fragments, variables, found)
            assert schema.query_type
            counter.selection(definition.selection_set, schema.query_type, 1)
    return found


@dataclass
class _Counter:
    schema: GraphQLSchema
    fragments: dict[str, FragmentDefinitionNode]
    variables: Variables
    found: Cost

    def selection(self, chosen: SelectionSetNode, on: GraphQLNamedType, times: int) -> None:
        for node in chosen.selections:
            if not self._included(node):
                continue
            if isinstance(node, FragmentSpreadNode):
                fragment = self.fragments[node.name.value]
                self.selection(fragment.selection_set, self._type(fragment), times)
            elif isinstance(node, InlineFragmentNode):
                inner = self._type(node) if node.type_condition else on
                self.selection(node.selection_set, inner, times)
            elif isinstance(node, FieldNode) and node.selection_set:
                self._field(node, on, times)

    def _field(self, node: FieldNode, on: GraphQLNamedType, times: int) -> None:
        field = on.fields[node.name.value]  # type: ignore[attr-defined]
        kind = get_named_type(field.type)
        given = {
            a.name.value: value_from_ast_untyped(a.value, self.variables)
            for a in node.arguments or ()
        }
        if kind.name.endswith("Connection"):
            self.found.requests += times
            size = given.get("first") or given.get("last") or 1
            assert size <= 100, "first and last are at most 100"
            times *= size
            self.found.nodes += times
        elif "ids" in given:
            times *= len(given["ids"])
        assert node.selection_set
        self.selection(node.selection_set, kind, times)

    def _included(self, node: Any) -> bool:
        for directive in node.directives or ():
            value = value_from_ast_untyped(directive.arguments[0].value, self.variables)
            if bool(value) is (directive.name.value == "skip"):
                return False
        return True

    def _type(self, node: Any) -> GraphQLNamedType:
        return self.schema.type_map[node.type_condition.name.value]
