using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using IotOps.Aws.Credentials;

namespace IotOps.Aws;

/// <summary>
/// The standard AWS credential chain: environment variables, web identity, the profile that <c>AWS_PROFILE</c> names
/// (<c>default</c> without it), container, EC2 instance. See
/// <see href="https://docs.aws.amazon.com/sdk-for-net/v4/developer-guide/creds-assign.html"/>.
/// </summary>
/// <remarks>
/// A profile with a <c>role_arn</c> is assumed by the package <c>AWSSDK.SecurityToken</c>, which the SDK loads by name: add it
/// to the application, and for NativeAOT or trimming also
/// <c>&lt;TrimmerRootAssembly Include="AWSSDK.SecurityToken" /&gt;</c>. Without it signing fails with an
/// <see cref="AwsException"/> that says so.
/// </remarks>
public static class AwsCredentialChain
{
    /// <summary>Credentials that are looked for at first use, and again when the environment or the profile files change. Safe for concurrent use.</summary>
    public static AWSCredentials Default() => new ChainCredentials(
        () => DefaultAWSCredentialsIdentityResolver.GetCredentials(clientConfig: null),
        () => DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync(clientConfig: null));
}
