namespace IotOps.Logs;

/// <summary>The classes of log groups that take events from devices: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html.</summary>
public enum LogGroupClass
{
    /// <summary>Everything that CloudWatch Logs does.</summary>
    Standard,

    /// <summary>Half the price for taking events in, without metric filters, subscriptions, live tail and the like. A group keeps its class for ever.</summary>
    InfrequentAccess,

    /// <summary>A lower price for a part of the features; since 2026. Look whether those that you need are among them. A group keeps its class for ever.</summary>
    Essentials,
}
