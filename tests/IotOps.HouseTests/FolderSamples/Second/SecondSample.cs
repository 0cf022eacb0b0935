using IotOps.HouseTests.FolderSamples.Third;

namespace IotOps.HouseTests.FolderSamples.Second;

internal sealed record SecondSample(ThirdSample Next);
