using IotOps.HouseTests.FolderSamples.First;

namespace IotOps.HouseTests.FolderSamples;

// The root and First use each other, which is allowed.
internal sealed class RootSample
{
    public FirstSample? Composed { get; init; }
}
