namespace IotOps.Shadow;

/// <summary>The two plain conflict policies.</summary>
public static class ShadowConflicts
{
    /// <summary>The device's value stays: the default of the reported section.</summary>
    public static ShadowConflictResolver DeviceWins { get; } = static conflict => conflict.Device;

    /// <summary>The cloud's value stays: the default of the desired section.</summary>
    public static ShadowConflictResolver CloudWins { get; } = static conflict => conflict.Cloud;
}
