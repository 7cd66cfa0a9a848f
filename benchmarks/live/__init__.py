"""What live collections cost, beside a broadcast of all rows after each write."""
