using IotOps.HouseTests.FolderSamples.First;

namespace IotOps.HouseTests.FolderSamples.Third;

internal sealed record ThirdSample(FirstSample? Next);
