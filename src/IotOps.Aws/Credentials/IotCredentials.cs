using Amazon.Runtime;

namespace IotOps.Aws.Credentials;

/// <summary>Keys from the AWS IoT credentials provider, and how long they last from the moment they were given.</summary>
internal readonly record struct IotCredentials(ImmutableCredentials Keys, TimeSpan Lifetime);
