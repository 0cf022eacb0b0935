namespace IotOps.Defender.Linux;

/// <summary>An interface and what it lies on.</summary>
/// <param name="Kind">What the system knows of it.</param>
/// <param name="Rank">What its name says.</param>
/// <param name="Lower">The interfaces that carry its traffic, by name, where they are known.</param>
/// <param name="Index">The system's number; 0 when it is not known.</param>
internal readonly record struct InterfaceLayer(InterfaceKind Kind, NameRank Rank, IReadOnlyList<string> Lower, int Index);
