namespace IotOps.HouseTests.FolderSamples.Constants;

internal sealed record ConstantSample(Outer.Other.OtherSample? Other)
{
    public const string Name = "constant";
}
