namespace IotOps.Defender;

/// <summary>How a behavior's criteria relate the measurement to their value; the operators of Device Defender's <c>BehaviorCriteria</c>.</summary>
public enum ComparisonOperator
{
    /// <summary><c>less-than</c>; numbers.</summary>
    LessThan,

    /// <summary><c>less-than-equals</c>; numbers.</summary>
    LessThanEquals,

    /// <summary><c>greater-than</c>; numbers.</summary>
    GreaterThan,

    /// <summary><c>greater-than-equals</c>; numbers.</summary>
    GreaterThanEquals,

    /// <summary><c>in-cidr-set</c>: every address lies in one of the CIDRs.</summary>
    InCidrSet,

    /// <summary><c>not-in-cidr-set</c>: no address lies in any of the CIDRs.</summary>
    NotInCidrSet,

    /// <summary><c>in-port-set</c>: every port is one of these.</summary>
    InPortSet,

    /// <summary><c>not-in-port-set</c>: no port is one of these.</summary>
    NotInPortSet,

    /// <summary><c>in-set</c>: every number or string is one of these.</summary>
    InSet,

    /// <summary><c>not-in-set</c>: no number or string is one of these.</summary>
    NotInSet,
}
