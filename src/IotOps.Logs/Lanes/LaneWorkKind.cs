namespace IotOps.Logs.Lanes;

/// <summary>The kinds of <see cref="LaneWork"/>.</summary>
internal enum LaneWorkKind
{
    None,
    Send,
    Spill,
}
