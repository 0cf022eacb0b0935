namespace IotOps.Fleet.Trail;

/// <summary>How far <see cref="RecordScanner"/> came.</summary>
internal enum ScanOutcome
{
    /// <summary>The record is whole and well formed.</summary>
    Whole,

    /// <summary>The record goes on behind the data.</summary>
    NeedsMore,

    /// <summary>The record is no JSON.</summary>
    Bad,
}
