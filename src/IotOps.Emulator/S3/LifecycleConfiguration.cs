using System.Xml.Linq;

namespace IotOps.Emulator.S3;

/// <summary>A bucket's lifecycle: kept and given back, never carried out.</summary>
/// <param name="Rules">The checked document.</param>
/// <param name="MinimumTransitionSize">The value of x-amz-transition-default-minimum-object-size.</param>
internal sealed record LifecycleConfiguration(XElement Rules, string MinimumTransitionSize)
{
    /// <summary>The size below which objects stay where they are, unless a request says otherwise.</summary>
    public const string DefaultMinimum = "all_storage_classes_128K";

    public const string MinimumHeader = "x-amz-transition-default-minimum-object-size";
}
