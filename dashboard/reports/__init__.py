"""What leaves the house? Open data, feed, badge and reports: one maker each."""
