using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace IotOps.Aws;

/// <summary>The standard AWS credential chain.</summary>
public static class AwsCredentialChain
{
    /// <summary>Credentials found by the chain at first use: environment, profile, container, instance.</summary>
    public static AWSCredentials Default() => new Lookup();

    private sealed class Lookup : AWSCredentials
    {
        private AWSCredentials? _found;

        public override ImmutableCredentials GetCredentials() =>
            (_found ??= DefaultAWSCredentialsIdentityResolver.GetCredentials(clientConfig: null)).GetCredentials();

        public override async Task<ImmutableCredentials> GetCredentialsAsync()
        {
            _found ??= await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync(clientConfig: null).ConfigureAwait(false);
            return await _found.GetCredentialsAsync().ConfigureAwait(false);
        }
    }
}
