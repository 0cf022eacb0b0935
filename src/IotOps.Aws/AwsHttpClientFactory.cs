using Amazon.Runtime;

namespace IotOps.Aws;

/// <summary>
/// Gives a client of the AWS SDK the transport of <see cref="AwsHttpHandler"/>: <c>new AmazonS3Config { HttpClientFactory = new AwsHttpClientFactory() }</c>.
/// The SDK's own tries the addresses of a host one after the other, so that a silent first one takes the whole time to connect.
/// </summary>
public sealed class AwsHttpClientFactory : HttpClientFactory
{
    /// <summary>A client for such a configuration; the SDK keeps and disposes it. Its time-out is the configuration's, or none.</summary>
    /// <param name="clientConfig">Of the SDK's client.</param>
    /// <exception cref="ArgumentException">The file of roots that the environment names cannot be read.</exception>
    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        ArgumentNullException.ThrowIfNull(clientConfig);
        return new HttpClient(AwsHttpHandler.Create()) { Timeout = clientConfig.Timeout ?? Timeout.InfiniteTimeSpan };
    }
}
