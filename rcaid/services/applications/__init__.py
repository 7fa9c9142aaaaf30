"""Single applications (lane A): taken in, judged by the rules, checked and sent on for a decision."""
