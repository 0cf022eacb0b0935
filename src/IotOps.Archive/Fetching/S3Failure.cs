using Amazon.Runtime;
using IotOps.Aws;

namespace IotOps.Archive.Fetching;

/// <summary>What kind of failure S3's answers are.</summary>
internal static class S3Failure
{
    public const string NetworkError = "NetworkError";

    /// <summary>May succeed later, unchanged; new credentials and the service's own time come with the next attempt.</summary>
    public static bool IsTransient(int status, string code) =>
        status is 429 or 500 or 502 or 503 or 504
        || code is "SlowDown" or "InternalError" or "RequestTimeout" or "RequestTimeTooSkewed" or "ExpiredToken" or "OperationAborted" or "ServiceUnavailable" or "ThrottlingException";

    /// <summary>True when the object that was listed cannot be had any more, and others can.</summary>
    public static bool IsObjectLost(AwsException failure) =>
        failure.Code is "NoSuchKey" or "PreconditionFailed" or "InvalidObjectState" or "NotFound";

    /// <summary>What to do about a refusal.</summary>
    /// <param name="code">Its code.</param>
    /// <param name="region">Where the bucket is, where the answer says so.</param>
    public static string Advice(string code, string? region = null) => code switch
    {
        "AccessDenied" => " The role needs s3:GetObject on the log folders, and kms:Decrypt where they are encrypted with a key of your own.",
        "PermanentRedirect" or "TemporaryRedirect" or "AuthorizationHeaderMalformed" => $" The bucket is in another region{(region is null ? "" : $", {region}")}: set that one.",
        "NoSuchBucket" => " Check the bucket's name and the account.",
        "PreconditionFailed" => " It was overwritten after it was listed. Export again, or let the exporter skip lost objects.",
        "NoSuchKey" => " It was deleted after it was listed. Export again, or let the exporter skip lost objects.",
        "InvalidObjectState" => " It was moved to an archive storage class: restore it first.",
        _ => "",
    };

    /// <summary>True when S3 refuses this object for good, and may give others: its key is disabled or the customer's own.</summary>
    public static bool IsObjectShut(AwsException failure) =>
        failure.Code.StartsWith("KMS.", StringComparison.Ordinal)
        || (failure.Code == "InvalidRequest" && failure.Message.Contains("ncryption", StringComparison.Ordinal));

    /// <summary>Whatever comes out of the SDK as ours: its own exceptions, its transport's, and those of the readers that it hands answers to.</summary>
    public static AwsException Of(Exception e, string operation, string target) => e switch
    {
        AmazonUnmarshallingException => Unread(e, operation, target),
        AmazonServiceException refused => Of(refused, operation, target),
        HttpRequestException or IOException or TimeoutException or OperationCanceledException => Unreachable(e, operation, target),
        AmazonClientException => new($"s3 {operation} of {target} could not be sent: {e.Message.TrimEnd('.')}.", e) { Service = "s3", Operation = operation, Code = "NotSent" },
        _ => Unread(e, operation, target),
    };

    private static AwsException Of(AmazonServiceException e, string operation, string target)
    {
        int status = (int)e.StatusCode;
        bool hasAnswer = status != 0;
        string code = e.ErrorCode is { Length: > 0 } known ? known
            : status switch
            {
                0 => NetworkError,
                404 => "NoSuchKey",
                412 => "PreconditionFailed",
                _ => $"Http{status}",
            };
        return new AwsException($"s3 {operation} of {target} was refused with {code}{(hasAnswer ? $" (HTTP {status})" : "")}: {e.Message.TrimEnd('.')}.{Advice(code)}", e)
        {
            Service = "s3",
            Operation = operation,
            Code = code,
            StatusCode = hasAnswer ? e.StatusCode : null,
            RequestId = e.RequestId,
            IsTransient = !hasAnswer || IsTransient(status, code),
        };
    }

    // A body that was cut off reads well the next time; one that is no XML at all does not, and is told after some attempts.
    private static AwsException Unread(Exception e, string operation, string target) =>
        new($"s3 {operation} of {target} was answered with what cannot be read: {e.Message.TrimEnd('.')}. Check that the endpoint is S3.", e)
        {
            Service = "s3",
            Operation = operation,
            Code = "UnreadableAnswer",
            IsTransient = true,
        };

    private static AwsException Unreachable(Exception e, string operation, string target) =>
        new($"s3 {operation} of {target} could not be completed: {e.Message.TrimEnd('.')}. Check the network, DNS and the endpoint.", e)
        {
            Service = "s3",
            Operation = operation,
            Code = NetworkError,
            IsTransient = true,
        };
}
