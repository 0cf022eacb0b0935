using System.Text;
using IotOps.Aws.Signing;

namespace IotOps.Aws.Calls;

/// <summary>The URI of a call: endpoint, path and query, percent-encoded exactly as it is signed.</summary>
internal sealed class AwsUri
{
    // An S3 key may hold "//" and "/../"; what Uri makes of them is another key.
    private static readonly UriCreationOptions AsGiven = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly Uri _endpoint;
    private readonly string _basePath;
    private readonly Uri _root;

    public AwsUri(Uri endpoint)
    {
        _endpoint = endpoint;
        _basePath = endpoint.AbsolutePath.TrimEnd('/');
        _root = Build(string.Empty, _basePath + "/");
    }

    public Uri Of(AwsRequest request)
    {
        if (request is { Path: "/", Segments: null, Query.Count: 0, HostPrefix: null })
        {
            return _root;
        }

        var target = new StringBuilder(_basePath).Append(PathOf(request));
        char separator = '?';
        foreach ((string name, string value) in request.Query)
        {
            target.Append(separator).Append(PercentEncoding.EncodeQuery(name)).Append('=').Append(PercentEncoding.EncodeQuery(value));
            separator = '&';
        }

        return Build(request.HostPrefix ?? string.Empty, target.ToString());
    }

    private static string PathOf(AwsRequest request)
    {
        if (request.Segments is { } segments)
        {
            return string.Concat(segments.Select(segment => "/" + PercentEncoding.EncodeQuery(segment)));
        }

        return request.Path.StartsWith('/')
            ? PercentEncoding.EncodePath(request.Path)
            : throw new ArgumentException($"The path must be absolute: '{request.Path}'.", nameof(request));
    }

    private Uri Build(string hostPrefix, string pathAndQuery) =>
        new($"{_endpoint.Scheme}://{hostPrefix}{_endpoint.Authority}{pathAndQuery}", AsGiven);
}
