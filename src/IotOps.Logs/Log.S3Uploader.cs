using Microsoft.Extensions.Logging;

namespace IotOps.Logs;

internal static partial class Log
{
    [LoggerMessage(280, LogLevel.Information, "Uploaded {Path} to s3://{Bucket}/{Key}: {Bytes} bytes in {Parts} part(s)")]
    public static partial void Uploaded(ILogger logger, string path, string bucket, string key, long bytes, int parts);

    [LoggerMessage(281, LogLevel.Warning, "The upload to s3://{Bucket}/{Key} failed and could not be aborted ({Reason}); its parts are stored until upload {UploadId} is aborted")]
    public static partial void UploadNotAborted(ILogger logger, string bucket, string key, string uploadId, string reason);
}
