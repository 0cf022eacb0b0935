using IotOps.Aws;

namespace IotOps.Logs.Upload;

/// <summary>What S3's answers must hold.</summary>
internal static class UploadAnswer
{
    public static string ETag(string operation, AwsResponse response) =>
        response.Headers.GetValueOrDefault("ETag") ?? throw Lacks(operation, "ETag");

    public static AwsException Lacks(string operation, string what) =>
        new($"s3 {operation} was answered without {what}. Is the endpoint S3?")
        {
            Service = "s3",
            Operation = operation,
            Code = "InvalidAnswer",
        };
}
