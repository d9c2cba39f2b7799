package io.tributary.worker.plugins;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Lets code that would end the JVM throw an exception in its place: {@code System.exit}, {@code Runtime.exit} and
 * {@code Runtime.halt}. One plugin's idea of a fatal error is not that of its neighbours. What gets round it, by
 * reflection or in native code, is counted as a death of the worker.
 */
final class RefuseExit {

    private static final Set<String> OWNERS = Set.of("java/lang/System", "java/lang/Runtime");
    private static final Set<String> METHODS = Set.of("exit", "halt");
    private static final ClassDesc EXCEPTION = ClassDesc.of("java.lang.UnsupportedOperationException");
    private static final MethodTypeDesc WITH_MESSAGE =
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String);

    private final ClassFile classFile;

    /** @param loader of the classes that are changed */
    RefuseExit(ClassLoader loader) {
        classFile = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(loader).orElse(ClassHierarchyResolver.defaultResolver())));
    }

    /** Whether a class may have such a call: quick, and right about nearly all that have none. */
    boolean concerns(byte[] code) {
        String constants = new String(code, StandardCharsets.ISO_8859_1);
        return OWNERS.stream().anyMatch(constants::contains) && METHODS.stream().anyMatch(constants::contains);
    }

    /** The class without such calls. */
    byte[] in(byte[] code) {
        return classFile.transformClass(
                classFile.parse(code), ClassTransform.transformingMethodBodies(RefuseExit::refuse));
    }

    private static void refuse(CodeBuilder builder, CodeElement element) {
        if (element instanceof InvokeInstruction call
                && OWNERS.contains(call.owner().asInternalName())
                && METHODS.contains(call.name().stringValue())) {
            builder.new_(EXCEPTION)
                    .dup()
                    .ldc("An integration must not end the worker: it called " + call.name() + ".")
                    .invokespecial(EXCEPTION, ConstantDescs.INIT_NAME, WITH_MESSAGE)
                    .athrow();
        } else {
            builder.with(element);
        }
    }
}
