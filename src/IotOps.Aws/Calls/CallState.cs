namespace IotOps.Aws.Calls;

/// <summary>What one call has been through, over all its attempts.</summary>
internal sealed class CallState(AwsRequest request)
{
    public AwsRequest Request => request;

    public int Attempts { get; set; }

    /// <summary>The body's hash, the same for every attempt.</summary>
    public string? PayloadHash { get; set; }

    /// <summary>Tokens that the last retry took from the budget.</summary>
    public int LastCost { get; set; }

    public bool SignedAgain { get; set; }

    public bool RefreshedCredentials { get; set; }
}
