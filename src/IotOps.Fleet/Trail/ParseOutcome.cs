namespace IotOps.Fleet.Trail;

/// <summary>Where <see cref="TrailParser.Next"/> stopped.</summary>
internal enum ParseOutcome
{
    /// <summary>At a record.</summary>
    Record,

    /// <summary>At the end of the data, in the middle of the file.</summary>
    NeedsMore,

    /// <summary>At the end of the file, or of what can be read of it.</summary>
    Ended,
}
