package sim

// actKinds are cases of what people and machines do to the Internet.
var actKinds = []kind{}
