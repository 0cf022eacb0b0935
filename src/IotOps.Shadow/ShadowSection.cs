namespace IotOps.Shadow;

/// <summary>The two halves of a shadow's state.</summary>
public enum ShadowSection
{
    /// <summary>What the cloud wants the device to be; by default the cloud has the last word here.</summary>
    Desired,

    /// <summary>What the device says it is; by default the device has the last word here.</summary>
    Reported,
}
