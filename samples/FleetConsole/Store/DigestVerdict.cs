namespace IotOps.Samples.FleetConsole.Store;

/// <summary>What a digest says of an hour of the trail.</summary>
public enum DigestVerdict
{
    /// <summary>No digest was checked.</summary>
    Unverified = 0,

    /// <summary>The digest is valid and the log files are what it says.</summary>
    Verified = 1,

    /// <summary>Something is missing in the chain.</summary>
    Gap = 2,

    /// <summary>A digest or a log file is not what it should be.</summary>
    Invalid = 3,
}
