using IotOps.HouseTests.FolderSamples.Constants;

namespace IotOps.HouseTests.FolderSamples.Outer.Inner;

internal sealed class InnerSample
{
    // Needs no using: an enclosing namespace is in scope.
    public static string Describe(object value) => value is OuterSample ? "outer" : ConstantSample.Name;
}
