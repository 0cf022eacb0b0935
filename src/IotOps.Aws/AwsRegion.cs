using Amazon.Runtime.CredentialManagement;

namespace IotOps.Aws;

/// <summary>Which AWS region to use when the caller did not say.</summary>
public static class AwsRegion
{
    /// <summary>The given region; else <c>AWS_REGION</c>, <c>AWS_DEFAULT_REGION</c>, then the region of the profile that <c>AWS_PROFILE</c> names.</summary>
    /// <param name="region">A region from configuration; null or empty looks further.</param>
    /// <param name="environment">Reads an environment variable; null reads the process's own.</param>
    /// <exception cref="InvalidOperationException">None of them says a region.</exception>
    public static string Resolve(string? region = null, Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        foreach (string? candidate in (ReadOnlySpan<string?>)[region, environment("AWS_REGION"), environment("AWS_DEFAULT_REGION")])
        {
            if (!string.IsNullOrEmpty(candidate))
            {
                return candidate;
            }
        }

        string profile = environment("AWS_PROFILE") is { Length: > 0 } named ? named : "default";
        return OfProfile(profile) ?? throw new InvalidOperationException(
            $"No AWS region is set: give one, or set AWS_REGION, or add region to the AWS profile '{profile}'.");
    }

    /// <summary>Whether a text may be a region's name, also at another vendor of the same services, such as <c>RegionOne</c>.</summary>
    internal static bool IsName(string region) => region.Length <= 64 && region.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>What to say of one that is none.</summary>
    internal static string Wrong(string region) => $"Region is '{region}', which is not the name of a region; one looks like eu-west-1.";

    private static string? OfProfile(string profile) =>
        new CredentialProfileStoreChain().TryGetProfile(profile, out CredentialProfile found) ? found.Region?.SystemName : null;
}
