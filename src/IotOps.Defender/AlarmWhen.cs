namespace IotOps.Defender;

/// <summary>
/// Which side of its criteria a behavior calls a violation. Device Defender's criteria describe what is normal
/// (https://docs.aws.amazon.com/iot/latest/apireference/API_BehaviorCriteria.html), so <c>cpu_usage greater-than 75</c> means there that a
/// device must be busy. Who writes a rule for the device alone may turn it round, and say when to raise the alarm.
/// </summary>
public enum AlarmWhen
{
    /// <summary>The criteria describe what is normal: as in AWS, and the default.</summary>
    CriteriaNotMet,

    /// <summary>The criteria describe the violation; in JSON <c>"alarmWhen": "criteria-met"</c>, which AWS does not know.</summary>
    CriteriaMet,
}
