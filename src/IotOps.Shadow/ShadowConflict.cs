namespace IotOps.Shadow;

/// <summary>One field that the device and the cloud both changed since they last agreed, to different values. Null means that it is not there.</summary>
/// <param name="Shadow">Which shadow.</param>
/// <param name="Section">Which half of its state.</param>
/// <param name="Path">Which field, below the section, as <see cref="ShadowValue.TryGet"/> takes it.</param>
/// <param name="Common">What both had when they last agreed.</param>
/// <param name="Device">What this device made of it.</param>
/// <param name="Cloud">What the cloud made of it.</param>
public sealed record ShadowConflict(
    ShadowId Shadow, ShadowSection Section, string Path, ShadowValue? Common, ShadowValue? Device, ShadowValue? Cloud);
