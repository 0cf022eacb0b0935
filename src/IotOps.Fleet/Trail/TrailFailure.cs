using Amazon.Runtime;
using IotOps.Aws;

namespace IotOps.Fleet.Trail;

/// <summary>The SDK's exceptions as ours.</summary>
internal static class TrailFailure
{
    public static bool IsOfS3(Exception e) => e is AmazonServiceException or AmazonClientException or HttpRequestException;

    public static AwsException Of(Exception e, string operation, string target)
    {
        var refusal = e as AmazonServiceException;
        int status = refusal is null ? 0 : (int)refusal.StatusCode;
        string code = refusal?.ErrorCode is { Length: > 0 } known ? known : status == 0 ? "NetworkError" : $"Http{status}";
        string outcome = status == 0 ? "could not be completed" : $"was refused with {code} (HTTP {status})";
        return new AwsException($"s3 {operation} of {target} {outcome}: {e.Message.TrimEnd('.')}.{Advice(code)}", e)
        {
            Service = "s3",
            Operation = operation,
            Code = code,
            StatusCode = status == 0 ? null : refusal!.StatusCode,
            RequestId = refusal?.RequestId,
            IsTransient = status is 0 or 429 or >= 500,
        };
    }

    private static string Advice(string code) => code switch
    {
        "AccessDenied" => " Needed are s3:ListBucket on the bucket, s3:GetObject on its AWSLogs folders, and kms:Decrypt where the trail encrypts with a key of its own.",
        "PermanentRedirect" or "TemporaryRedirect" or "AuthorizationHeaderMalformed" => " The bucket is in another region: set that one.",
        "NoSuchBucket" => " Check the bucket's name and the account.",
        "InvalidObjectState" => " It was moved to an archive storage class: restore it first.",
        "NetworkError" => " Check the credentials, the network, DNS and the endpoint.",
        _ => "",
    };
}
