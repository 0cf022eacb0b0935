namespace IotOps.Fleet;

/// <summary>With which credentials a call was made. See https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html.</summary>
public enum CloudTrailCredentials
{
    /// <summary>The record does not say, or says something new: <see cref="CloudTrailIdentity.Type"/> has its word.</summary>
    Unknown = 0,

    /// <summary>The account's root user.</summary>
    Root = 1,

    /// <summary>An IAM user's own keys or password.</summary>
    IamUser = 2,

    /// <summary>Temporary credentials of a role.</summary>
    Role = 3,

    /// <summary>Temporary credentials of a federated user: GetFederationToken, SAML or a web identity provider.</summary>
    Federated = 4,

    /// <summary>Another AWS service.</summary>
    Service = 5,

    /// <summary>Another AWS account.</summary>
    Account = 6,

    /// <summary>A user of IAM Identity Center.</summary>
    IdentityCenter = 7,

    /// <summary>A user of a directory.</summary>
    Directory = 8,
}
