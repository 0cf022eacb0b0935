using IotOps.HouseTests.FolderSamples.Second;

namespace IotOps.HouseTests.FolderSamples.First;

internal sealed record FirstSample(RootSample Root, SecondSample Next);
