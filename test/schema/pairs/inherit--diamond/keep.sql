select y=3 from d
