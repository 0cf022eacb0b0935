namespace IotOps.Logs;

/// <summary>What goes with one file.</summary>
public sealed record S3UploaderPutOptions
{
    /// <summary>The object's Content-Type; null leaves it to S3, <c>application/octet-stream</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>Uploads at most so many bytes from the file's start; what is written behind them meanwhile is no change. Null uploads all.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>
    /// The file may grow while it is uploaded, as a log does: what it held at the beginning of the upload is stored. A file that is replaced,
    /// truncated or written over is refused all the same, as far as its first 1,024 and last 4,096 uploaded bytes tell.
    /// </summary>
    public bool MayGrow { get; init; }

    /// <summary>Told as bytes go out: about every MiB, and at the end. Goes back when a part has to be sent again.</summary>
    public IProgress<S3UploaderProgress>? Progress { get; init; }

    internal KeyValuePair<string, string> ContentTypeHeader => new("Content-Type", ContentType ?? "application/octet-stream");
}
