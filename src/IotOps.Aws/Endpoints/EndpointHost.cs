namespace IotOps.Aws.Endpoints;

/// <summary>
/// Host names of AWS, as the SDKs' rules build them (compared with botocore for every region in tests/IotOps.InteropTests). They name an
/// endpoint where AWS has none, too: that one then does not resolve.
/// </summary>
internal static class EndpointHost
{
    private static readonly string[] Suffixes =
    [
        "amazonaws.com", "amazonaws.com.cn", "amazonaws.eu", "c2s.ic.gov", "sc2s.sgov.gov", "cloud.adc-e.uk", "csp.hci.ic.gov",
        "api.aws", "api.amazonwebservices.com.cn", "api.amazonwebservices.eu", "api.aws.ic.gov", "api.aws.scloud", "api.cloud-aws.adc-e.uk", "api.aws.hci.ic.gov",
    ];

    /// <summary>The host of a service in a region.</summary>
    /// <exception cref="ArgumentException">The partition has no such endpoints.</exception>
    public static string Of(string prefix, string region, string partition, bool fips, bool dualStack)
    {
        if (prefix == "s3")
        {
            // Its dual-stack endpoints are below the old names, those of the others below api.aws and its kin.
            return fips && partition == "aws-cn"
                ? throw new ArgumentException($"Amazon S3 has no FIPS endpoint in {region}.", nameof(region))
                : $"s3{(fips ? "-fips" : "")}.{(dualStack ? "dualstack." : "")}{region}.{DnsSuffix(partition)}";
        }

        if (dualStack)
        {
            return $"{prefix}{(fips ? "-fips" : "")}.{region}.{DualStackSuffix(partition)}";
        }

        string first = !fips ? Plain(prefix, region) : Fips(prefix, region, partition);
        return $"{first}.{region}.{DnsSuffix(partition)}";
    }

    /// <summary>Whether a host is one of AWS's own, in any partition.</summary>
    public static bool IsAws(string host) => Array.Exists(Suffixes, suffix => host.EndsWith($".{suffix}", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a host is one of AWS's own and not known for FIPS: all that are have a label with <c>fips</c>, but some of GovCloud.</summary>
    public static bool IsKnownWithoutFips(string host) =>
        IsAws(host)
        && !host.Contains("-fips.", StringComparison.OrdinalIgnoreCase) && !host.Contains("fips.", StringComparison.OrdinalIgnoreCase)
        && !IsFipsByItself(host);

    private static bool IsFipsByItself(string host) =>
        host.Split('.') is [var prefix, var region, "amazonaws", "com"] && region.StartsWith("us-gov-", StringComparison.Ordinal) && HasFipsInGovCloud(prefix);

    private static string Plain(string prefix, string region) => (prefix, region) is ("data-ats.iot", "cn-north-1") ? "data.ats.iot" : prefix;

    private static string Fips(string prefix, string region, string partition) => (prefix, partition) switch
    {
        (_, "aws-us-gov") when HasFipsInGovCloud(prefix) => prefix,
        ("batch", "aws") => "fips.batch",
        ("data-ats.iot", "aws-us-gov") => "data.iot-fips",
        ("data-ats.iot", "aws") when region is "us-east-1" or "us-east-2" or "us-west-1" or "us-west-2" or "ca-central-1" => "data.iot-fips",
        _ => $"{prefix}-fips",
    };

    private static bool HasFipsInGovCloud(string prefix) => prefix is "logs" or "batch" or "sts" or "cloudtrail";

    private static string DnsSuffix(string partition) => partition switch
    {
        "aws-cn" => "amazonaws.com.cn",
        "aws-iso" => "c2s.ic.gov",
        "aws-iso-b" => "sc2s.sgov.gov",
        "aws-iso-e" => "cloud.adc-e.uk",
        "aws-iso-f" => "csp.hci.ic.gov",
        "aws-eusc" => "amazonaws.eu",
        _ => "amazonaws.com",
    };

    private static string DualStackSuffix(string partition) => partition switch
    {
        "aws-cn" => "api.amazonwebservices.com.cn",
        "aws-iso" => "api.aws.ic.gov",
        "aws-iso-b" => "api.aws.scloud",
        "aws-iso-e" => "api.cloud-aws.adc-e.uk",
        "aws-iso-f" => "api.aws.hci.ic.gov",
        "aws-eusc" => "api.amazonwebservices.eu",
        _ => "api.aws",
    };
}
