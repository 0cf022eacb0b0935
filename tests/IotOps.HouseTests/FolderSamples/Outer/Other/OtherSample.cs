namespace IotOps.HouseTests.FolderSamples.Outer.Other;

internal sealed class OtherSample
{
    public int Value { get; init; }
}
