namespace IotOps.Aws;

/// <summary>Where a service is called.</summary>
public static class AwsEndpoint
{
    /// <summary>
    /// The endpoint that the environment names, else the region's own. The variables are the AWS SDKs':
    /// <c>AWS_ENDPOINT_URL_&lt;SERVICE&gt;</c>, then <c>AWS_ENDPOINT_URL</c>; both are passed over when
    /// <c>AWS_IGNORE_CONFIGURED_ENDPOINT_URLS</c> is <c>true</c>.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="region">AWS region, such as <c>eu-west-1</c>.</param>
    /// <param name="environment">Reads an environment variable; null reads the process's own.</param>
    /// <exception cref="ArgumentException">The region cannot be part of a host name, or a variable holds no http or https URL.</exception>
    public static Uri Resolve(AwsService service, string region, Func<string, string?>? environment = null)
    {
        ArgumentNullException.ThrowIfNull(service);
        return Configured(service, environment ?? Environment.GetEnvironmentVariable) ?? OfRegion(service, region);
    }

    /// <summary>The region's own endpoint, in the partition that the region belongs to.</summary>
    /// <param name="service">The service.</param>
    /// <param name="region">AWS region, such as <c>cn-north-1</c>.</param>
    /// <exception cref="ArgumentException">The region cannot be part of a host name.</exception>
    public static Uri OfRegion(AwsService service, string region)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentException.ThrowIfNullOrEmpty(region);

        // A region comes from configuration; it must not be able to name another host.
        if (region.Length > 40 || !region.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') || region[0] == '-' || region[^1] == '-')
        {
            throw new ArgumentException($"'{region}' is no AWS region; one looks like eu-west-1.", nameof(region));
        }

        return new Uri($"https://{service.EndpointPrefix}.{region}.{DnsSuffix(region)}");
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

    /// <summary>True when the environment, not the region, says where this service is.</summary>
    internal static bool IsConfigured(AwsService service, Func<string, string?>? environment = null) =>
        Configured(service, environment ?? Environment.GetEnvironmentVariable) is not null;

    private static Uri? Configured(AwsService service, Func<string, string?> environment)
    {
        if (string.Equals(environment("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), "true", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return FromVariable($"AWS_ENDPOINT_URL_{service.EndpointVariable}", environment) ?? FromVariable("AWS_ENDPOINT_URL", environment);
    }

    private static Uri? FromVariable(string name, Func<string, string?> environment)
    {
        if (environment(name) is not { Length: > 0 } value)
        {
            return null;
        }

        return Uri.TryCreate(value, UriKind.Absolute, out Uri? endpoint) && endpoint.Scheme is "http" or "https"
            ? endpoint
            : throw new ArgumentException($"{name} must be an absolute http or https URL, but is '{value}'.", name);
    }

    private static string DnsSuffix(string region) => Partition(region) switch
    {
        "aws-cn" => "amazonaws.com.cn",
        "aws-iso" => "c2s.ic.gov",
        "aws-iso-b" => "sc2s.sgov.gov",
        "aws-iso-e" => "cloud.adc-e.uk",
        "aws-iso-f" => "csp.hci.ic.gov",
        "aws-eusc" => "amazonaws.eu",
        _ => "amazonaws.com",
    };
}
