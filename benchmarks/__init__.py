"""Speed and accuracy, measured beside others; results go to docs/."""
