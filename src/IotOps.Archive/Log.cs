using Microsoft.Extensions.Logging;

namespace IotOps.Archive;

/// <summary>All that this package logs. Never credentials, tokens or payloads.</summary>
internal static partial class Log
{
    [LoggerMessage(800, LogLevel.Debug, "{Service} {Operation} failed {Failures} times in a row, last with {Code}; trying again in {Delay}")]
    public static partial void Retrying(ILogger logger, string service, string operation, int failures, string code, TimeSpan delay);

    [LoggerMessage(801, LogLevel.Warning, "s3://{Bucket}/{Key} is left out: {Reason}")]
    public static partial void ObjectSkipped(ILogger logger, string bucket, string key, string reason);

    [LoggerMessage(802, LogLevel.Information, "Exported {Objects} objects, {Bytes} bytes, to s3://{Bucket}/{Key}")]
    public static partial void Exported(ILogger logger, long objects, long bytes, string bucket, string key);

    [LoggerMessage(803, LogLevel.Information, "Export {Id} goes on behind part {Part}")]
    public static partial void Resumed(ILogger logger, string id, int part);

    [LoggerMessage(804, LogLevel.Warning, "Export {Id} cannot go on where it was and begins anew: {Reason}")]
    public static partial void BegunAnew(ILogger logger, string id, string reason);

    [LoggerMessage(805, LogLevel.Warning, "What was uploaded of s3://{Bucket}/{Key} could not be tidied up: {Reason} A lifecycle rule (AbortIncompleteMultipartUpload) clears up")]
    public static partial void NotEnded(ILogger logger, string bucket, string key, string reason);

    [LoggerMessage(806, LogLevel.Error, "Export {Id} failed")]
    public static partial void ExportFailed(ILogger logger, string id, Exception exception);
}
