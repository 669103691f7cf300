select last_value=1 from "Q q";
