namespace IotOps.Emulator.S3;

/// <summary>Whether a bucket keeps versions. See https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html.</summary>
internal enum Versioning
{
    /// <summary>Never turned on: a key has one object, and answers say nothing of versions.</summary>
    Never,

    /// <summary>A write adds a version, and a deletion adds a marker.</summary>
    Enabled,

    /// <summary>Turned off again: writes and deletions replace the null version and leave all others alone.</summary>
    Suspended,
}
