using IotOps.Aws;

namespace IotOps.Logs.Upload;

/// <summary>An object to be, and how it is addressed.</summary>
internal sealed record S3Target(AwsClient Client, string Bucket, string Key, bool VirtualHosted)
{
    public AwsRequest Request(string operation, HttpMethod method, params IReadOnlyList<KeyValuePair<string, string>> query) => new()
    {
        Operation = operation,
        Method = method,
        HostPrefix = VirtualHosted ? Bucket + "." : null,
        Path = VirtualHosted ? "/" + Key : $"/{Bucket}/{Key}",
        Query = query,
    };
}
