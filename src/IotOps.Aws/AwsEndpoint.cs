using IotOps.Aws.Endpoints;

namespace IotOps.Aws;

/// <summary>Where a service is called.</summary>
public static class AwsEndpoint
{
    /// <summary>
    /// The endpoint that the environment or the profile names, else the region's own. As in the AWS SDKs <c>AWS_ENDPOINT_URL_&lt;SERVICE&gt;</c>
    /// goes before <c>AWS_ENDPOINT_URL</c>, then the profile's <c>services</c> section and <c>endpoint_url</c>; all four are passed over when
    /// <c>AWS_IGNORE_CONFIGURED_ENDPOINT_URLS</c> is <c>true</c>. <c>AWS_USE_FIPS_ENDPOINT</c> and <c>AWS_USE_DUALSTACK_ENDPOINT</c>, or
    /// <c>use_fips_endpoint</c> and <c>use_dualstack_endpoint</c> of the profile, choose among the region's own.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="region">AWS region, such as <c>eu-west-1</c>.</param>
    /// <param name="environment">Reads an environment variable; null reads the process's own.</param>
    /// <exception cref="ArgumentException">
    /// The region cannot be part of a host name, a setting holds no http or https URL or is neither <c>true</c> nor <c>false</c>, FIPS is asked
    /// for and the configured endpoint is one of AWS's without it, or the partition has no such endpoints.
    /// </exception>
    public static Uri Resolve(AwsService service, string region, Func<string, string?>? environment = null)
    {
        ArgumentNullException.ThrowIfNull(service);
        var settings = new SdkSettings(environment);
        if (settings.EndpointOf(service) is { } configured)
        {
            RequireFips(configured, environment);
            return configured;
        }

        return OfRegion(service, region, settings.UseFips, settings.UseDualStack(service));
    }

    /// <summary>The endpoint that the environment or the profile names for a service or for all; null when the region's own is called.</summary>
    /// <param name="service">The service.</param>
    /// <param name="environment">Reads an environment variable; null reads the process's own.</param>
    /// <exception cref="ArgumentException">It is no http or https URL.</exception>
    public static Uri? Configured(AwsService service, Func<string, string?>? environment = null)
    {
        ArgumentNullException.ThrowIfNull(service);
        return new SdkSettings(environment).EndpointOf(service);
    }

    /// <summary>The region's own endpoint, in the partition that the region belongs to.</summary>
    /// <param name="service">The service.</param>
    /// <param name="region">AWS region, such as <c>cn-north-1</c>.</param>
    /// <exception cref="ArgumentException">The region cannot be part of a host name.</exception>
    public static Uri OfRegion(AwsService service, string region) => OfRegion(service, region, fips: false, dualStack: false);

    /// <summary>
    /// The region's own endpoint of a kind. Where AWS has none of that kind it does not resolve: AWS lists FIPS endpoints by region at
    /// <see href="https://aws.amazon.com/compliance/fips/"/>.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="region">AWS region, such as <c>us-gov-west-1</c>.</param>
    /// <param name="fips">With FIPS 140 validated cryptography.</param>
    /// <param name="dualStack">Reached by IPv4 and IPv6.</param>
    /// <exception cref="ArgumentException">The region cannot be part of a host name, or its partition has no such endpoints.</exception>
    public static Uri OfRegion(AwsService service, string region, bool fips, bool dualStack)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentException.ThrowIfNullOrEmpty(region);

        // A region comes from configuration; it must not be able to name another host.
        if (region.Length > 40 || !region.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') || region[0] == '-' || region[^1] == '-')
        {
            throw new ArgumentException($"'{region}' is no AWS region; one looks like eu-west-1.", nameof(region));
        }

        return new Uri($"https://{EndpointHost.Of(service.EndpointPrefix, region, Partition(region), fips, dualStack)}");
    }

    /// <summary>The partition of a region: <c>aws</c>, <c>aws-cn</c>, <c>aws-us-gov</c>, or one of the isolated ones.</summary>
    /// <param name="region">AWS region.</param>
    public static string Partition(string region)
    {
        ArgumentNullException.ThrowIfNull(region);
        return region switch
        {
            _ when region.StartsWith("cn-", StringComparison.Ordinal) => "aws-cn",
            _ when region.StartsWith("us-gov-", StringComparison.Ordinal) => "aws-us-gov",
            _ when region.StartsWith("us-iso-", StringComparison.Ordinal) => "aws-iso",
            _ when region.StartsWith("us-isob-", StringComparison.Ordinal) => "aws-iso-b",
            _ when region.StartsWith("eu-isoe-", StringComparison.Ordinal) => "aws-iso-e",
            _ when region.StartsWith("us-isof-", StringComparison.Ordinal) || region.StartsWith("eu-isof-", StringComparison.Ordinal) => "aws-iso-f",
            _ when region.StartsWith("eusc-", StringComparison.Ordinal) => "aws-eusc",
            _ => "aws",
        };
    }

    /// <summary>Whether an endpoint's host is one of AWS's own, in any partition: not an emulator, a proxy or another vendor's service.</summary>
    /// <param name="endpoint">What is to be connected to, of any scheme.</param>
    public static bool IsAws(Uri endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return EndpointHost.IsAws(endpoint.IdnHost);
    }

    /// <summary>
    /// Refuses one of AWS's endpoints without FIPS where the environment or the profile asks for FIPS, as an account's data endpoint
    /// <c>PREFIX-ats.iot.REGION.amazonaws.com</c> is one. Other hosts, such as an emulator, are their owner's business.
    /// </summary>
    /// <param name="endpoint">What is to be connected to, of any scheme.</param>
    /// <param name="environment">Reads an environment variable; null reads the process's own.</param>
    /// <exception cref="ArgumentException">It is one.</exception>
    public static void RequireFips(Uri endpoint, Func<string, string?>? environment = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (new SdkSettings(environment).UseFips && EndpointHost.IsKnownWithoutFips(endpoint.IdnHost))
        {
            throw new ArgumentException(
                $"AWS_USE_FIPS_ENDPOINT, or use_fips_endpoint of the profile, is true, but {endpoint.Authority} is not a FIPS endpoint of AWS. Give one, whose name has -fips in it, or set AWS_USE_FIPS_ENDPOINT=false.",
                nameof(endpoint));
        }
    }
}
