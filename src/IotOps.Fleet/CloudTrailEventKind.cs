namespace IotOps.Fleet;

/// <summary>What a CloudTrail record tells of. See https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-events.html.</summary>
public enum CloudTrailEventKind
{
    /// <summary>A call of the control plane, such as CreateDeployment; the default where a record does not say.</summary>
    Management = 0,

    /// <summary>A call of the data plane, such as GetDeploymentConfiguration.</summary>
    Data = 1,

    /// <summary>A call through a VPC endpoint that its policy refused, or any call of its owner's choice.</summary>
    NetworkActivity = 2,

    /// <summary>CloudTrail Insights: calls or errors at an unusual rate.</summary>
    Insight = 3,

    /// <summary>Somebody signed in to the console, or failed to.</summary>
    SignIn = 4,

    /// <summary>A service did something by itself, such as rotating a key.</summary>
    Service = 5,
}
