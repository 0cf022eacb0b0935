using IotOps.HouseTests.FolderSamples.Outer.Inner;

namespace IotOps.HouseTests.FolderSamples.Outer;

internal sealed record OuterSample(InnerSample? Inner);
