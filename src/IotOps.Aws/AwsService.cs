namespace IotOps.Aws;

/// <summary>What one AWS service is called in host names, signatures and environment variables.</summary>
/// <param name="EndpointPrefix">First label of the host name: <c>logs</c> in <c>logs.us-east-1.amazonaws.com</c>.</param>
/// <param name="SigningName">Service in the SigV4 credential scope.</param>
/// <param name="EndpointVariable">The part of <c>AWS_ENDPOINT_URL_&lt;SERVICE&gt;</c> after the last fixed underscore, as the AWS SDKs spell it.</param>
public sealed record AwsService(string EndpointPrefix, string SigningName, string EndpointVariable)
{
    /// <summary>Amazon CloudWatch Logs.</summary>
    public static AwsService CloudWatchLogs { get; } = new("logs", "logs", "CLOUDWATCH_LOGS");

    /// <summary>Amazon S3.</summary>
    public static AwsService S3 { get; } = new("s3", "s3", "S3");

    /// <summary>AWS IoT Core, control plane.</summary>
    public static AwsService Iot { get; } = new("iot", "iot", "IOT");

    /// <summary>AWS IoT Core, data plane: publish and shadows over HTTPS.</summary>
    public static AwsService IotData { get; } = new("data-ats.iot", "iotdata", "IOT_DATA_PLANE");

    /// <summary>AWS Batch.</summary>
    public static AwsService Batch { get; } = new("batch", "batch", "BATCH");

    /// <summary>AWS Security Token Service, regional.</summary>
    public static AwsService Sts { get; } = new("sts", "sts", "STS");

    /// <summary>AWS CloudTrail.</summary>
    public static AwsService CloudTrail { get; } = new("cloudtrail", "cloudtrail", "CLOUDTRAIL");
}
