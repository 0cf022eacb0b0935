namespace IotOps.Fleet;

/// <summary>What is wrong with an object of a trail, as the trail's digests prove it.</summary>
public enum DigestProblemReason
{
    /// <summary>A log file's content is not what its digest says, or is cut off.</summary>
    LogModified = 0,

    /// <summary>A log file that a digest lists is gone.</summary>
    LogMissing = 1,

    /// <summary>A log file lies in an hour whose digests are all valid, and none of them lists it.</summary>
    UnlistedLog = 2,

    /// <summary>Bytes follow the gzip of a log or digest file.</summary>
    TrailingGarbage = 3,

    /// <summary>Another gzip member follows the first one, whose content many readers take for the trail's.</summary>
    ExtraGzipMember = 4,

    /// <summary>A log or digest file is no gzip.</summary>
    NotGzip = 5,

    /// <summary>A digest is gone that the next one names, or that its hour must have.</summary>
    DigestMissing = 6,

    /// <summary>The newest digest is older than the range's end allows: nothing names what is gone there.</summary>
    NewestDigestMissing = 7,

    /// <summary>A digest is not signed by CloudTrail as it stands: changed, not readable, or without its signature.</summary>
    DigestSignature = 8,

    /// <summary>A digest is not where it says it was delivered.</summary>
    DigestMoved = 9,
}
