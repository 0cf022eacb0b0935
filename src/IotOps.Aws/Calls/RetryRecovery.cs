namespace IotOps.Aws.Calls;

/// <summary>What was mended after a failed attempt, so that the next one need not wait.</summary>
internal enum RetryRecovery
{
    None,

    /// <summary>The service's time is known now.</summary>
    ClockLearnt,

    /// <summary>Refused credentials were dropped; the next attempt gets new ones.</summary>
    CredentialsDropped,
}
