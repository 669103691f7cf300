select y=2 from c
